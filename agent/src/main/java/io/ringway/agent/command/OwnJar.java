package io.ringway.agent.command;

import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;

/** The jar that this class was loaded from. */
final class OwnJar {
    private OwnJar() {}

    static Path path() throws CommandException {
        CodeSource source = OwnJar.class.getProtectionDomain().getCodeSource();
        if (source == null || source.getLocation() == null) {
            throw new CommandException("this command runs from ringway.jar only");
        }
        URL location = source.getLocation();
        try {
            Path path = Path.of(location.toURI()).toAbsolutePath();
            if (Files.isRegularFile(path)) {
                return path;
            }
        } catch (URISyntaxException | IllegalArgumentException e) {
            throw new CommandException("this command runs from ringway.jar only, not from " + location, e);
        }
        throw new CommandException("this command runs from ringway.jar only, not from " + location);
    }
}
