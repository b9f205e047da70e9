package io.ringway.compat.surroundings;

import java.io.File;
import java.lang.ref.WeakReference;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.concurrent.TimeUnit;

/** Starts and stops an application several times, each time by a class loader of its own, which must go away. */
final class Container {
    private static final int ROUNDS = 100;

    private Container() {}

    public static void main(String[] arguments) throws Exception {
        for (int i = 0; i < Integer.parseInt(arguments[1]); i++) {
            WeakReference<ClassLoader> loader = runApplication(arguments[0]);
            System.out.println(isCollected(loader) ? "collected" : "kept");
        }
    }

    private static WeakReference<ClassLoader> runApplication(String name) throws Exception {
        // The platform's loader doesn't know the classes of these tests: they are the application's own.
        try (URLClassLoader loader = new URLClassLoader(classPath(), ClassLoader.getPlatformClassLoader())) {
            Runnable application = (Runnable) loader.loadClass(Container.class.getPackageName() + "." + name)
                    .getConstructor()
                    .newInstance();
            Thread main = Thread.ofPlatform().unstarted(application);
            main.setContextClassLoader(loader);
            main.start();
            main.join();
            return new WeakReference<>(loader);
        }
    }

    private static URL[] classPath() throws MalformedURLException {
        String[] entries = System.getProperty("java.class.path").split(File.pathSeparator, -1);
        URL[] urls = new URL[entries.length];
        for (int i = 0; i < urls.length; i++) {
            urls[i] = new File(entries[i]).toURI().toURL();
        }
        return urls;
    }

    private static boolean isCollected(WeakReference<ClassLoader> loader) throws InterruptedException {
        for (int i = 0; i < ROUNDS; i++) {
            System.gc();
            if (loader.refersTo(null)) {
                return true;
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
        return false;
    }
}
