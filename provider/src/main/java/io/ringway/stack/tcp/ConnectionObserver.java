package io.ringway.stack.tcp;

/**
 * Is told that the readiness of a connection may have changed. Called by the thread that owns the stack at that moment,
 * inside {@code poll} or {@code disown}: must not block, must not call the stack, and is not told twice about what it
 * can still see in {@link TcpConnection#readiness()}. Spurious calls happen.
 */
@FunctionalInterface
public interface ConnectionObserver {
    void readinessChanged();
}
