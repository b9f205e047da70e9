package io.ringway.stack.tcp;

/** What a program can set on a connection. Any thread may change it at any time. */
public final class TcpOptions {
    private volatile boolean noDelay;
    private volatile boolean keepAlive;
    private volatile int trafficClass;

    public TcpOptions() {}

    /** A copy, for a connection accepted by a listener with these options. */
    public TcpOptions(TcpOptions from) {
        noDelay = from.noDelay;
        keepAlive = from.keepAlive;
        trafficClass = from.trafficClass;
    }

    /** TCP_NODELAY: true turns Nagle's algorithm (RFC 9293, section 3.7.4) off. */
    public boolean noDelay() {
        return noDelay;
    }

    public void noDelay(boolean on) {
        noDelay = on;
    }

    /** SO_KEEPALIVE (RFC 9293, section 3.8.4); a lossless port's knowledge of its peer replaces the probes. */
    public boolean keepAlive() {
        return keepAlive;
    }

    public void keepAlive(boolean on) {
        keepAlive = on;
    }

    /** The type-of-service or traffic-class byte of outgoing packets. */
    public int trafficClass() {
        return trafficClass;
    }

    public void trafficClass(int value) {
        trafficClass = value & 0xff;
    }
}
