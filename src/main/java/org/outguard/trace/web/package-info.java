/** Web servers by their configuration and their access logs: sites, requests, and the request that wrote a file. */
@NullMarked
package org.outguard.trace.web;

import org.jspecify.annotations.NullMarked;
