package io.ringway.agent.command;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Runs the demonstration, whose programs are a jar within this one: nothing of theirs is on anybody's class path. */
final class Demonstration {
    private static final String PROGRAMS = "demo.jar";
    private static final String MAIN = "io.ringway.bench.demo.Demo";

    private Demonstration() {}

    /** Returns the exit code. */
    static int run(PrintStream out, String... options) throws CommandException {
        Path ringway = OwnJar.path();
        try {
            Path programs = Files.createTempFile("ringway-demo", ".jar");
            try {
                extract(programs);
                return run(ringway, programs, out, options);
            } finally {
                Files.deleteIfExists(programs);
            }
        } catch (IOException e) {
            throw new CommandException("cannot write the demonstration's programs: " + e.getMessage(), e);
        }
    }

    private static void extract(Path target) throws IOException, CommandException {
        try (InputStream programs = Demonstration.class.getResourceAsStream(PROGRAMS)) {
            if (programs == null) {
                throw new CommandException("this jar was built without the demonstration");
            }
            Files.copy(programs, target, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static int run(Path ringway, Path programs, PrintStream out, String... options)
            throws IOException, CommandException {
        URL[] path = {programs.toUri().toURL()};
        try (URLClassLoader loader = new URLClassLoader(path, ClassLoader.getPlatformClassLoader())) {
            return (int) loader.loadClass(MAIN)
                    .getMethod("run", Path.class, Path.class, PrintStream.class, String[].class)
                    .invoke(null, ringway, programs, out, options);
        } catch (InvocationTargetException e) {
            throw new CommandException("the demonstration failed: " + e.getCause(), e);
        } catch (ReflectiveOperationException e) {
            throw new CommandException("the demonstration is broken: " + e, e);
        }
    }
}
