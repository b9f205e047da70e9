package io.ringway.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** In JVMs of their own, since what is exported once stays so. */
class JdkAccessTest {
    /** Everything, by the fast compiler, before its first run. */
    private static final String COMPILED_FAST = "-Xcomp -XX:TieredStopAtLevel=1";

    /** What the access is made of, by the other one. */
    private static final String COMPILED_WELL = "-Xcomp -XX:-TieredCompilation -XX:CompileCommand=quiet"
            + " -XX:CompileCommand=compileonly,io.ringway.*::*";

    private static List<String> flags(String text) {
        return List.of(text.split(" "));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-XX:+TieredCompilation",
                "-Xint",
                COMPILED_FAST,
                COMPILED_WELL,
                "-Xcheck:jni",
                "-XX:+UseZGC",
                "-XX:+UseSerialGC",
                "-Xshare:off",
                "-XX:+UseCompactObjectHeaders"
            })
    void exportsThePackage(String flag) throws Exception {
        List<String> flags = flags("--enable-native-access=ALL-UNNAMED " + flag);
        assertEquals("false true true[exit 0]", TestSystem.outputOf(TestSystem.java(flags, Export.class)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-Xint", "-XX:+TieredCompilation", COMPILED_FAST, COMPILED_WELL})
    void repeatsWithFailuresAndCollections(String flag) throws Exception {
        List<String> flags = flags("--enable-native-access=ALL-UNNAMED -Xmx64m " + flag);
        assertEquals("200[exit 0]", TestSystem.outputOf(TestSystem.java(flags, Repeat.class)));
    }

    @Test
    void manyThreadsAtOnceVirtualOnesIncluded() throws Exception {
        List<String> flags = List.of("--enable-native-access=ALL-UNNAMED");
        assertEquals("true[exit 0]", TestSystem.outputOf(TestSystem.java(flags, Together.class)));
    }

    @Test
    void doesNothingWhereTheFlagDidIt() throws Exception {
        List<String> flags =
                List.of("--illegal-native-access=deny", "--add-exports", "java.base/sun.nio.ch=ALL-UNNAMED");
        assertEquals("true true false[exit 0]", TestSystem.outputOf(TestSystem.java(flags, Export.class)));
    }

    @Test
    void namesTheFlagWhereItCannot() throws Exception {
        List<String> flags = List.of("--illegal-native-access=deny");
        String output = TestSystem.outputOf(TestSystem.java(flags, Export.class));
        assertTrue(output.contains("add --add-exports java.base/sun.nio.ch=ALL-UNNAMED"), output);
        assertTrue(output.startsWith("false Exception in thread \"main\" java.lang.IllegalStateException"), output);
    }

    @Test
    void nativeAccessWithoutAWarningWhereTheLanguagePackageIsOpen() throws Exception {
        List<String> flags = List.of("--add-opens", "java.base/java.lang=ALL-UNNAMED");
        assertEquals("true true true[exit 0]", TestSystem.outputOf(TestSystem.java(flags, Silent.class)));
        String output = TestSystem.outputOf(TestSystem.java(List.of(), Silent.class));
        assertTrue(output.startsWith("false") && output.contains("WARNING: A restricted method"), output);
        assertTrue(output.endsWith("true true[exit 0]"), output);
    }

    @Test
    void machineIsFoundInItsLibraryToo() {
        Path library = Path.of(System.getProperty("java.home"), "lib", "server", "libjvm.so");
        assertTrue(JdkAccess.machinesIn(library).address() != 0);
    }

    private static boolean isExported() {
        return isExported("sun.nio.ch");
    }

    private static boolean isExported(String name) {
        return Object.class.getModule().isExported(name, JdkAccessTest.class.getModule());
    }

    static final class Export {
        public static void main(String[] arguments) throws ReflectiveOperationException {
            System.out.print(isExported() + " ");
            System.out.flush();
            JdkAccess.exportSelectorInternals();
            JdkAccess.exportSelectorInternals();
            Method method = Class.forName("sun.nio.ch.DefaultSelectorProvider").getMethod("get");
            System.out.print(isExported() && method.invoke(null) != null);
            System.out.print(" " + isExported("jdk.internal.event"));
        }
    }

    static final class Repeat {
        public static void main(String[] arguments) throws ReflectiveOperationException {
            byte[] bytes = JdkAccess.accessClass();
            JdkAccess.exportSelectorInternals();
            int done = 0;
            for (int i = 0; i < 200; i++) {
                // The class is there: each definition is refused by an exception, which must not come out anywhere.
                JdkAccess.defineAndRun(bytes);
                byte[][] garbage = new byte[64][];
                for (int g = 0; g < garbage.length; g++) {
                    garbage[g] = new byte[32 << 10];
                }
                if (i % 10 == 0) {
                    System.gc();
                }
                done += isExported() && Platform.processId() > 0 ? 1 : 0;
            }
            System.out.print(done);
        }
    }

    static final class Together {
        public static void main(String[] arguments) throws InterruptedException {
            CyclicBarrier start = new CyclicBarrier(16);
            Thread[] threads = new Thread[16];
            for (int i = 0; i < threads.length; i++) {
                Runnable task = () -> {
                    try {
                        start.await();
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                    JdkAccess.exportSelectorInternals();
                };
                threads[i] = i % 2 == 0
                        ? Thread.ofVirtual().start(task)
                        : Thread.ofPlatform().start(task);
            }
            for (Thread thread : threads) {
                thread.join();
            }
            System.out.print(isExported());
        }
    }

    static final class Silent {
        public static void main(String[] arguments) throws IOException {
            System.out.print(JdkAccess.enableNativeAccess() + " ");
            JdkAccess.exportSelectorInternals();
            System.out.print(isExported() + " " + (Platform.processId() > 0));
        }
    }
}
