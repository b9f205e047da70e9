package io.ringway.nic.offload;

/** The events that end the collection of a flow's segments (M11). */
public enum CollectionEnd {
    /** A segment further on than the next one. */
    GAP,
    /** A segment that starts before the next one. */
    DUPLICATE,
    /** SYN, RST or URG. */
    FLAGS,
    /** PSH, on a segment that still joins. */
    PUSH,
    /** FIN, on a segment that still joins. */
    FIN,
    /** As many bytes, pieces, or copied bytes, as one collection may have. */
    SIZE,
    /** The receive batch is over: whoever waits for these bytes waits no longer. */
    BATCH_END,
    /** Another flow needs the place in the table. */
    TABLE_FULL,
    /** A segment without payload: an acknowledgment must not wait, nor be passed by data. */
    PURE_ACKNOWLEDGMENT,
    /** Another acknowledgment number. */
    ACKNOWLEDGMENT,
    /** Another window. */
    WINDOW,
    /** Other TCP options, another timestamp for instance. */
    OPTIONS,
    /** Other ECN flags in the TCP header: ECE differs, or CWR comes again. */
    ECN_FLAGS,
    /** Another ECN mark in the IP header. */
    ECN_MARK,
    /** Another DSCP. */
    TRAFFIC_CLASS,
    /** Another time to live, or hop limit. */
    TIME_TO_LIVE,
    /** Another IPv6 flow label. */
    FLOW_LABEL,
    /** Another "don't fragment" bit. */
    DONT_FRAGMENT,
    /** IPv4 options or IPv6 extension headers. */
    EXTENSION_HEADER,
    /** A fragment from the same sender. */
    FRAGMENT,
    /** A checksum that is wrong; the segment is dropped. */
    CHECKSUM,
    /** The flow comes by another link. */
    OTHER_LINK,
    /** The peer is gone. */
    PEER_GONE
}
