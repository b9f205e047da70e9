package io.ringway.compat.support;

import java.lang.reflect.Method;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.DynamicTestInvocationContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/**
 * Runs every test in a thread of its own and gives up on it after its {@link TimeLimit}, by default 30 seconds. A test
 * that hangs fails with the dump of all threads, and the next one runs.
 */
public final class TimeoutExtension implements InvocationInterceptor {
    private static final int DEFAULT_SECONDS = 30;

    @Override
    public void interceptTestMethod(
            Invocation<@Nullable Void> invocation,
            ReflectiveInvocationContext<Method> invocationContext,
            ExtensionContext context)
            throws Throwable {
        runWithinLimit(invocation, context);
    }

    @Override
    public void interceptTestTemplateMethod(
            Invocation<@Nullable Void> invocation,
            ReflectiveInvocationContext<Method> invocationContext,
            ExtensionContext context)
            throws Throwable {
        runWithinLimit(invocation, context);
    }

    @Override
    public void interceptDynamicTest(
            Invocation<@Nullable Void> invocation,
            DynamicTestInvocationContext invocationContext,
            ExtensionContext context)
            throws Throwable {
        runWithinLimit(invocation, context);
    }

    private static void runWithinLimit(Invocation<@Nullable Void> invocation, ExtensionContext context)
            throws Throwable {
        String name = context.getTestClass().map(Class::getSimpleName).orElse("")
                + "."
                + context.getTestMethod().map(Method::getName).orElse("")
                + " "
                + context.getDisplayName();
        int limit = limitOf(context);
        FutureTask<@Nullable Void> task = new FutureTask<>(() -> {
            try {
                invocation.proceed();
            } catch (Exception | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new AssertionError(e);
            }
            return null;
        });
        Thread thread = new Thread(task, "test " + name);
        thread.setDaemon(true);
        thread.start();
        try {
            task.get(limit, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause();
        } catch (TimeoutException e) {
            String dump = ThreadDump.ofAllThreads(name);
            thread.interrupt();
            throw new AssertionError(name + " did not end within " + limit + " s\n" + dump);
        }
    }

    private static int limitOf(ExtensionContext context) {
        Optional<TimeLimit> ofMethod = context.getTestMethod().map(m -> m.getAnnotation(TimeLimit.class));
        Optional<TimeLimit> ofClass = context.getTestClass().map(c -> c.getAnnotation(TimeLimit.class));
        return ofMethod.or(() -> ofClass).map(TimeLimit::value).orElse(DEFAULT_SECONDS);
    }
}
