package io.ringway.stack;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** Handles to fields that are accessed with an explicit memory order. */
public final class Fields {
    private Fields() {}

    /** The handle of a field of the class that made {@code lookup}. */
    public static VarHandle handle(MethodHandles.Lookup lookup, String name, Class<?> type) {
        try {
            return lookup.findVarHandle(lookup.lookupClass(), name, type);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
