package io.ringway.stack.tcp;

/** Decides how much may be in flight (RFC 5681). Owner only; sizes in bytes. */
interface CongestionControl {
    /** The congestion window. */
    int window();

    void acknowledged(int bytes);

    /** The retransmission timer expired with {@code flight} bytes unacknowledged. */
    void timedOut(int flight);

    /** For ports that lose nothing: the peer's window decides alone. */
    CongestionControl NONE = new CongestionControl() {
        @Override
        public int window() {
            return Integer.MAX_VALUE;
        }

        @Override
        public void acknowledged(int bytes) {}

        @Override
        public void timedOut(int flight) {}
    };
}
