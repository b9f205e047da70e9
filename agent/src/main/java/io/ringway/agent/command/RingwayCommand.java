package io.ringway.agent.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.UnmatchedArgumentException;

/** The {@code ringway} command line: a method per command. */
@Command(
        name = "ringway",
        description = "NIO over device queues: runs unmodified Java programs' TCP connections past the kernel.",
        subcommands = HelpCommand.class,
        synopsisSubcommandLabel = "<command>",
        usageHelpAutoWidth = true)
public final class RingwayCommand implements Runnable {
    private final CommandLine line;

    private RingwayCommand() {
        line = new CommandLine(this);
        line.setCommandName("java -jar ringway.jar");
        line.setParameterExceptionHandler(RingwayCommand::misused);
        line.setExecutionExceptionHandler(RingwayCommand::failed);
    }

    /**
     * Runs a command.
     *
     * @param arguments the command's name, its arguments and options; none prints the help
     * @return 0 if all is well, 1 if the command failed, 2 if it was called wrongly
     */
    public static int run(String... arguments) {
        return new RingwayCommand().line.execute(arguments);
    }

    @Override
    public void run() {
        line.usage(line.getOut());
    }

    @Command(name = "version", description = "Prints the versions of Ringway and of this Java.")
    void version() {
        line.getOut()
                .println("ringway " + Version.current() + ", Java " + System.getProperty("java.version") + " on "
                        + System.getProperty("os.name") + " " + System.getProperty("os.version"));
    }

    @Command(
            name = "attach",
            description =
                    "Makes Ringway the provider of a running program, for the channels that it opens from now on.")
    void attach(
            @Parameters(paramLabel = "<pid>", description = "Process id of the program, one of this user's JVMs.")
                    long pid,
            @Parameters(
                            paramLabel = "<key=value,...>",
                            arity = "0..1",
                            defaultValue = "",
                            description = "Configuration, as for -javaagent:ringway.jar=...")
                    String arguments)
            throws CommandException {
        line.getOut().println("ringway: " + pid + ": " + Attachment.attach(pid, arguments));
    }

    @Command(
            name = "demo",
            description = "Compares Ringway with the JDK's provider, with unmodified programs; takes two minutes.")
    int demo(
            @Option(names = "--agent", description = "Install Ringway by its agent instead of the flag.") boolean agent,
            @Option(names = "--quick", description = "One round only: half a minute, rough figures.") boolean quick)
            throws CommandException {
        List<String> options = new ArrayList<>();
        if (agent) {
            options.add("--agent");
        }
        if (quick) {
            options.add("--quick");
        }
        return Demonstration.run(System.out, options.toArray(String[]::new));
    }

    @Command(name = "keys", description = "Prints every configuration key with its default and meaning.")
    void keys(@Option(names = "--markdown", description = "As the table in the README.") boolean markdown) {
        line.getOut().print(markdown ? KeyTable.markdown() : KeyTable.plain());
        line.getOut().flush();
    }

    @Command(
            name = "ss",
            description =
                    "Lists the Ringway processes of this user, their listeners and connections, with path and reason.")
    int ss(
            @Option(
                            names = "--directory",
                            paramLabel = "<path>[,<path>...]",
                            split = ",",
                            description = "Where the processes find each other, if not in the default place.")
                    @Nullable
                    List<Path> directories)
            throws CommandException {
        return Listing.print(line.getOut(), directories);
    }

    private static int misused(ParameterException e, String[] arguments) {
        CommandLine command = e.getCommandLine();
        boolean unknown = e instanceof UnmatchedArgumentException && command.getParent() == null;
        command.getErr().println("ringway: " + (unknown ? "there is no " + arguments[0] : e.getMessage()));
        command.usage(command.getErr());
        return CommandLine.ExitCode.USAGE;
    }

    private static int failed(Exception e, CommandLine command, CommandLine.ParseResult parsed) throws Exception {
        if (!(e instanceof CommandException)) {
            throw e;
        }
        command.getErr().println("ringway: " + e.getMessage());
        return CommandLine.ExitCode.SOFTWARE;
    }
}
