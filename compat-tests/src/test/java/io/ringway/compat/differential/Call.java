package io.ringway.compat.differential;

import io.ringway.compat.support.ThreadDump;
import java.util.Arrays;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** An operation in a thread of its own, since it may block. */
final class Call {
    private final int number;
    private final String name;
    private final FutureTask<String> task;
    private final Thread thread;
    private boolean interrupted;

    private Call(int number, Operation operation, World world, boolean virtual, boolean interrupted) {
        this.number = number;
        this.name = operation.name() + (virtual ? " (virtual)" : "") + (interrupted ? " (interrupted)" : "");
        this.interrupted = interrupted;
        task = new FutureTask<>(() -> outcome(operation, world));
        thread = (virtual ? Thread.ofVirtual() : Thread.ofPlatform().daemon())
                .name("call " + number + ": " + name)
                .unstarted(task);
    }

    static Call start(int number, Operation operation, World world, boolean virtual, boolean interrupted) {
        Call call = new Call(number, operation, world, virtual, interrupted);
        call.thread.start();
        return call;
    }

    private String outcome(Operation operation, World world) {
        boolean before = interrupted;
        if (before) {
            Thread.currentThread().interrupt();
        }
        String result;
        try {
            result = Rendering.of(operation.action().run(world));
        } catch (Exception e) {
            result = Rendering.of(e, world.large);
        }
        boolean after = Thread.interrupted();
        return after || interrupted ? result + (after ? " still" : " no longer") + " interrupted" : result;
    }

    void interrupt() {
        interrupted = true;
        thread.interrupt();
    }

    boolean isDone() {
        return task.isDone();
    }

    /** The line of the transcript when the call ends, or null once it may be taken to block. */
    @Nullable
    String lineUnlessBlocked(int patience) throws InterruptedException {
        int seenWaiting = 0;
        while (seenWaiting < patience) {
            String line = line(1);
            if (line != null) {
                return line;
            }
            seenWaiting = waits() ? seenWaiting + 1 : 0;
        }
        return null;
    }

    /** Not running Java code of its own, as far as can be told from outside. */
    private boolean waits() {
        StackTraceElement[] stack = thread.getStackTrace();
        boolean idle = thread.getState() != Thread.State.RUNNABLE || stack.length != 0 && stack[0].isNativeMethod();
        return idle
                && Arrays.stream(stack).anyMatch(frame -> frame.getMethodName().equals("outcome"));
    }

    /** The line of the transcript, or null if the call does not end in that time. */
    @Nullable
    String line(long millis) throws InterruptedException {
        try {
            return "%3d %s: %s".formatted(number, name, task.get(millis, TimeUnit.MILLISECONDS));
        } catch (ExecutionException e) {
            throw new AssertionError(name, e.getCause());
        } catch (TimeoutException e) {
            return null;
        }
    }

    String blockedLine() {
        return "%3d %s blocks".formatted(number, name);
    }

    String dump() {
        return ThreadDump.of(thread);
    }
}
