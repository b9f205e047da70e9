package io.ringway.agent.command;

import com.sun.tools.attach.AgentInitializationException;
import com.sun.tools.attach.AgentLoadException;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Loads the agent into a running JVM by the JDK's attach mechanism. */
final class Attachment {
    /** Set by the agent in the other JVM. */
    private static final String STATE_PROPERTY = "io.ringway.agent";

    private Attachment() {}

    /** Returns what the agent reports; it has told the same to the other program's standard error. */
    static String attach(long pid, String arguments) throws CommandException {
        if (!Files.isDirectory(Path.of("/proc", Long.toString(pid)))) {
            throw new CommandException("there is no process " + pid);
        }
        try {
            String state = loadInto(VirtualMachine.attach(Long.toString(pid)), arguments);
            if (state.startsWith("active")) {
                return state;
            }
            throw new CommandException(pid + ": " + state);
        } catch (AttachNotSupportedException | IOException e) {
            throw new CommandException(
                    "cannot attach to process " + pid + ": it must be a JVM of the same user, started without "
                            + "-XX:+DisableAttachMechanism",
                    e);
        }
    }

    private static String loadInto(VirtualMachine machine, String arguments) throws CommandException, IOException {
        try {
            machine.loadAgent(OwnJar.path().toString(), arguments);
            String state = machine.getSystemProperties().getProperty(STATE_PROPERTY);
            return state == null ? "the agent did not report" : state;
        } catch (AgentInitializationException | AgentLoadException e) {
            throw new CommandException("the program could not load the agent: " + e.getMessage(), e);
        } finally {
            machine.detach();
        }
    }
}
