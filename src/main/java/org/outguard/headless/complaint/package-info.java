/**
 * What a complaint says: this package may import flow and text, and nothing else of headless. It alone knows the MIME parser.
 *
 * <p>Bytes of a mail go in, a {@link org.outguard.headless.complaint.Complaint} comes out: decoding, then recognisers that are
 * tables of data, then time zones. It reads no file, asks no clock and no resolver. Every loop is bounded: what a stranger
 * sends costs at most {@link org.outguard.headless.complaint.mail.MailDecoder#MAX_TEXT} characters of text.
 */
@NullMarked
package org.outguard.headless.complaint;

import org.jspecify.annotations.NullMarked;
