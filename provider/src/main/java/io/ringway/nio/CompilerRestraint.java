package io.ringway.nio;

import io.ringway.linux.CompilerThreads;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * Leaves one of two processors to the programs while the first messages of a process go, once in a datapath: when it meets
 * another process, the JVM's compilers stay off the first processor for half a second. The two programs answer each other
 * there, which a yield is enough for, while all compilers work on the other one. Left alone, the kernel puts compilers on
 * both, and each message of a process that isn't compiled yet waits for their slices. Where selectors don't spin, all is left
 * alone. A thread of its own.
 */
final class CompilerRestraint implements Runnable {
    private static final long NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final Datapath datapath;
    private final AtomicBoolean begun = new AtomicBoolean();

    CompilerRestraint(Datapath datapath) {
        this.datapath = datapath;
    }

    /** The process has met another one. Any thread. */
    @Override
    public void run() {
        if (datapath.settings().spinNanos() != 0 && begun.compareAndSet(false, true)) {
            Thread thread = new Thread(null, new Restraint(), "ringway-restraint", 0, false);
            thread.setDaemon(true);
            try {
                thread.start();
            } catch (OutOfMemoryError e) {
                // No thread is to be had: the compilers stay where they are.
                datapath.trouble("restraining compilers", e);
            }
        }
    }

    private static final class Restraint implements Runnable {
        @Override
        public void run() {
            CompilerThreads compilers = new CompilerThreads();
            if (!compilers.haveTwo()) {
                return;
            }
            long end = System.nanoTime() + NANOS;
            try {
                compilers.restrain();
                for (long left = NANOS; left > 0; left = end - System.nanoTime()) {
                    LockSupport.parkNanos(left);
                    // Nobody ends this thread by an interrupt; a pending one would have it wait without a pause.
                    boolean unused = Thread.interrupted();
                }
            } finally {
                compilers.release();
            }
        }
    }
}
