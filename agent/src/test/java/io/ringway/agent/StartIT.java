package io.ringway.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** What makes a process fast soon after its start: classes loaded beside other work, long ways compiled once. */
class StartIT {
    private static final String LIST = "io/ringway/nio/early.classes";
    private static final String NEVER = "io/ringway/memory/OutOfLine";

    /** What can be loaded before the JDK's channel package is open. */
    private static final Pattern EARLY = Pattern.compile("(io\\.ringway\\.(?:nic|stack|wire|memory|linux)\\.[\\w.$]+)");

    /** Of a way that not every start takes. */
    private static final int SOME = 12;

    private static final Pattern INLINED =
            Pattern.compile("(io\\.ringway\\.[\\w.$]+::\\w+ \\(\\d+ bytes\\))\\s+inline \\(hot\\)");

    /** The thread and the class of a line of the JVM's log. */
    private static final Pattern LOADED = Pattern.compile("^\\[(\\d+) *\\] ([\\w.$]+) source:");

    @Test
    void everyClassInTheListIsThere() throws IOException {
        try (JarFile jar = new JarFile(Jvm.JAR.toFile())) {
            List<String> missing = new ArrayList<>(list(jar));
            missing.removeIf(name -> !name.startsWith("io.ringway.") || jar.getEntry(file(name)) != null);
            assertEquals(List.of(), missing, "take these out of " + LIST);
        }
    }

    @Test
    void aStartNeedsHardlyAnyOtherClass() throws Exception {
        Set<String> needed = new TreeSet<>();
        for (String line : echo(1, "-Xlog:class+load").lines().toList()) {
            Matcher matcher = EARLY.matcher(line);
            if (matcher.find() && !line.contains("Lambda")) {
                needed.add(matcher.group(1));
            }
        }
        assertTrue(needed.contains("io.ringway.stack.NetworkStack"), needed.toString());
        try (JarFile jar = new JarFile(Jvm.JAR.toFile())) {
            needed.removeAll(new HashSet<>(list(jar)));
        }
        assertTrue(needed.size() <= SOME, "add to " + LIST + ":\n" + String.join("\n", needed));
    }

    @Test
    void mostOfItIsLoadedByAThreadOfItsOwn() throws Exception {
        Assumptions.assumeTrue(
                Runtime.getRuntime().availableProcessors() > 1, "one processor: classes are loaded when needed");
        Map<String, String> threads = new HashMap<>();
        for (String line : echo(1, "-Xlog:class+load:stdout:tid").lines().toList()) {
            Matcher matcher = LOADED.matcher(line);
            if (matcher.find()) {
                threads.put(matcher.group(2), matcher.group(1));
            }
        }
        String main = threads.get(Echo.class.getName());
        assertNotNull(main);
        List<String> own = new ArrayList<>();
        try (JarFile jar = new JarFile(Jvm.JAR.toFile())) {
            own.addAll(list(jar));
        }
        own.removeIf(name -> !name.startsWith("io.ringway.") || !threads.containsKey(name));
        long aside =
                own.stream().filter(name -> !main.equals(threads.get(name))).count();
        assertTrue(own.size() > 50, own.toString());
        assertTrue(aside > own.size() / 2, aside + " of " + own.size());
    }

    @Test
    void longWaysAreNotCopiedIntoTheirCallers() throws Exception {
        Set<String> once = outOfLine();
        assertTrue(
                once.stream().anyMatch(way -> way.startsWith("io.ringway.nic.fabric.ReceiveRing::deliver ")),
                once.toString());
        String log = echo(60_000, "-XX:+UnlockDiagnosticVMOptions", "-XX:+PrintInlining", "-XX:+PrintCompilation");
        assertTrue(log.contains("failed to inline: unloaded signature classes"), "nothing was held back");
        Set<String> copied =
                INLINED.matcher(log).results().map(found -> found.group(1)).collect(Collectors.toSet());
        assertFalse(copied.isEmpty(), "the compiler says nothing");
        copied.retainAll(once);
        assertEquals(Set.of(), copied);
    }

    private static String echo(int messages, String... flags) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(flags));
        arguments.add("-Djava.nio.channels.spi.SelectorProvider=io.ringway.RingwaySelectorProvider");
        arguments.add("-Dringway.quiet=true");
        arguments.addAll(List.of("-cp", Jvm.JAR + ":" + Jvm.testClasses()));
        arguments.addAll(List.of(Echo.class.getName(), Integer.toString(messages)));
        Jvm jvm = Jvm.run(arguments.toArray(new String[0]));
        assertTrue(jvm.out().contains("done"), jvm.err());
        return jvm.out();
    }

    private static List<String> list(JarFile jar) throws IOException {
        JarEntry entry = jar.getJarEntry(LIST);
        assertNotNull(entry);
        try (InputStream in = jar.getInputStream(entry)) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .toList();
        }
    }

    private static String file(String name) {
        return name.replace('.', '/') + ".class";
    }

    /** The methods that may not be copied, as the compiler names them. */
    private static Set<String> outOfLine() throws IOException {
        Set<String> all = new HashSet<>();
        try (JarFile jar = new JarFile(Jvm.JAR.toFile())) {
            assertEquals(null, jar.getEntry(NEVER + ".class"));
            jar.stream()
                    .filter(entry -> entry.getName().startsWith("io/ringway/"))
                    .filter(entry -> entry.getName().endsWith(".class"))
                    .map(entry -> parse(jar, entry))
                    .forEach(type -> collect(type, all));
        }
        return all;
    }

    private static void collect(ClassModel type, Set<String> into) {
        String name = type.thisClass().asInternalName().replace('/', '.');
        for (MethodModel method : type.methods()) {
            if (method.methodType().stringValue().contains(NEVER)) {
                int bytes =
                        method.findAttribute(Attributes.code()).orElseThrow().codeLength();
                into.add(name + "::" + method.methodName().stringValue() + " (" + bytes + " bytes)");
            }
        }
    }

    private static ClassModel parse(JarFile jar, JarEntry entry) {
        try (InputStream in = jar.getInputStream(entry)) {
            return ClassFile.of().parse(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
