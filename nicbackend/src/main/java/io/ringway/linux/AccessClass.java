package io.ringway.linux;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/**
 * A class file, written by hand (JVMS chapter 4): the JDK's own library for that would have to be loaded and linked in
 * every start. The class has nothing but an initialiser, which calls {@code Module.implAddExportsToAllUnnamed} of
 * java.base for each of some packages.
 */
final class AccessClass {
    private static final int MAGIC = 0xcafebabe;
    /** Java 8: nothing newer is needed. */
    private static final int MAJOR_VERSION = 52;

    private static final int ACC_STATIC = 8;
    private static final int ACC_SUPER = 0x20;

    private static final int UTF8 = 1;
    private static final int CLASS = 7;
    private static final int STRING = 8;
    private static final int METHOD = 10;
    private static final int NAME_AND_TYPE = 12;

    private static final int LDC = 0x12;
    private static final int INVOKEVIRTUAL = 0xb6;
    private static final int RETURN = 0xb1;

    /** Bytes of code for each package. */
    private static final int CALL_BYTES = 10;

    private final ByteArrayOutputStream pool = new ByteArrayOutputStream();
    private final DataOutputStream constants = new DataOutputStream(pool);
    private int count = 1;

    private AccessClass() {}

    /**
     * The class file.
     *
     * @param name of the class, with dots, in java.base
     * @param packages with dots
     */
    static byte[] bytes(String name, String... packages) {
        try {
            return new AccessClass().write(name, packages);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private byte[] write(String name, String[] packages) throws IOException {
        int self = type(name);
        int object = type("java.lang.Object");
        int initialiser = utf8("<clinit>");
        int nothing = utf8("()V");
        int codeName = utf8("Code");
        byte[] code = code(object, packages);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeInt(MAGIC);
        out.writeInt(MAJOR_VERSION);
        out.writeShort(count);
        pool.writeTo(out);
        shorts(out, ACC_SUPER, self, object);
        // No interfaces, no fields, one method with one attribute.
        shorts(out, 0, 0, 1, ACC_STATIC, initialiser, nothing, 1, codeName);
        out.writeInt(12 + code.length);
        shorts(out, 2, 0);
        out.writeInt(code.length);
        out.write(code);
        // No exceptions, no attributes of the code, none of the class.
        shorts(out, 0, 0, 0);
        return bytes.toByteArray();
    }

    private byte[] code(int object, String[] packages) throws IOException {
        int getModule = method("java.lang.Class", "getModule", "()Ljava/lang/Module;");
        int export = method("java.lang.Module", "implAddExportsToAllUnnamed", "(Ljava/lang/String;)V");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(CALL_BYTES * packages.length + 1);
        DataOutputStream out = new DataOutputStream(bytes);
        for (String exported : packages) {
            out.writeByte(LDC);
            out.writeByte(object);
            out.writeByte(INVOKEVIRTUAL);
            out.writeShort(getModule);
            out.writeByte(LDC);
            out.writeByte(constant(STRING, utf8(exported)));
            out.writeByte(INVOKEVIRTUAL);
            out.writeShort(export);
        }
        out.writeByte(RETURN);
        return bytes.toByteArray();
    }

    private int method(String owner, String name, String descriptor) throws IOException {
        int type = type(owner);
        int nameAndType = constant(NAME_AND_TYPE, utf8(name), utf8(descriptor));
        return constant(METHOD, type, nameAndType);
    }

    private int type(String name) throws IOException {
        return constant(CLASS, utf8(name.replace('.', '/')));
    }

    private int utf8(String text) throws IOException {
        constants.writeByte(UTF8);
        constants.writeUTF(text);
        return count++;
    }

    private int constant(int tag, int... parts) throws IOException {
        constants.writeByte(tag);
        shorts(constants, parts);
        return count++;
    }

    private static void shorts(DataOutputStream out, int... values) throws IOException {
        for (int value : values) {
            out.writeShort(value);
        }
    }
}
