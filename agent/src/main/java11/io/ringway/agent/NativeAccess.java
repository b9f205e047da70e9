package io.ringway.agent;

import java.lang.reflect.Method;

/**
 * Enables restricted methods for all unnamed modules. Never used where the class path puts it: {@link JdkAccess} defines
 * it once more in a module of its own, to which {@code java.lang} is open.
 */
public final class NativeAccess implements Runnable {
    /** Called by reflection. */
    public NativeAccess() {}

    @Override
    public void run() {
        try {
            Method enable = Module.class.getDeclaredMethod("implAddEnableNativeAccessToAllUnnamed");
            enable.setAccessible(true);
            enable.invoke(null);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("this JDK enables native access in another way", e);
        }
    }
}
