package io.ringway.agent;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Entry of the command line, {@code java -jar ringway.jar}. Compiled for Java 11: on an older JVM than Ringway needs it
 * runs itself again on an installed JDK that will do, or says in one line that there is none.
 */
public final class Ringway {
    private static final String COMMANDS = "io.ringway.agent.command.RingwayCommand";

    private Ringway() {}

    /**
     * Runs a command and exits: 0 if all is well, 1 if the command failed, 2 if it was called wrongly.
     *
     * @param arguments the command, its arguments and options
     * @throws Exception if the command line itself is broken
     */
    public static void main(String[] arguments) throws Exception {
        String obstacle = Platform.obstacle();
        System.exit(obstacle == null ? run(arguments) : runElsewhere(obstacle, arguments));
    }

    private static int run(String[] arguments) throws Exception {
        try {
            Object code =
                    Class.forName(COMMANDS).getMethod("run", String[].class).invoke(null, (Object) arguments);
            return (Integer) code;
        } catch (InvocationTargetException e) {
            Installation.say(e.getCause().toString());
            return 1;
        }
    }

    private static int runElsewhere(String obstacle, String[] arguments) throws Exception {
        String java = InstalledJdks.newEnough();
        if (java == null) {
            Installation.say(obstacle + "; no such JDK found, set JAVA_HOME to one");
            return 1;
        }
        List<String> command = new ArrayList<>(List.of(java));
        System.getProperties().stringPropertyNames().stream()
                .filter(key -> key.startsWith("ringway."))
                .forEach(key -> command.add("-D" + key + "=" + System.getProperty(key)));
        command.addAll(List.of("-jar", ownJar()));
        command.addAll(Arrays.asList(arguments));
        return inForeground(command);
    }

    private static int inForeground(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).inheritIO().start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
        return process.waitFor();
    }

    private static String ownJar() throws URISyntaxException {
        return new File(Ringway.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI())
                .getPath();
    }
}
