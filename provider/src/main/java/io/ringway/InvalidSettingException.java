package io.ringway;

/** A key that does not exist, or a value that it does not allow. The message names the key, the value and what is allowed. */
public final class InvalidSettingException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    InvalidSettingException(String key, String value, String allowed) {
        super(key + "=" + value + ": allowed is " + allowed);
    }

    InvalidSettingException(String message) {
        super(message);
    }
}
