/** OpenSMTPD: its queue by smtpctl(8) and by its files. Imports what mta may. */
@NullMarked
package org.outguard.mta.opensmtpd;

import org.jspecify.annotations.NullMarked;
