package org.outguard.planted.headless;

import org.apache.james.mime4j.stream.MimeTokenStream;

/** Takes mails apart where complaints are not read. */
record TakesMailsApart(MimeTokenStream stream) {}
