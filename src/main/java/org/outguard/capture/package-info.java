/**
 * Packets in, counts out: this package may import flow and guard, and is the only one that knows pcap4j.
 *
 * <p>{@link org.outguard.capture.live.WireEye} watches an interface, {@link org.outguard.capture.file.CaptureFileReader} reads
 * capture files; both decode frames at offsets into primitive fields, count them into a {@link
 * org.outguard.flow.FlowTable} and hand batches over as observations. {@link org.outguard.capture.EvidenceRing} keeps
 * the first packets of each flow.
 */
@NullMarked
package org.outguard.capture;

import org.jspecify.annotations.NullMarked;
