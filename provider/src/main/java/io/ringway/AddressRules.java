package io.ringway;

import io.ringway.nic.IpEndpoint;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * A list of addresses with prefixes and port ranges: {@code 10.0.0.0/8:5432}, {@code [::1]:8000-8999}, {@code *:22},
 * {@code *}. Immutable, any thread.
 */
public final class AddressRules {
    private static final int ADDRESS_BITS = 128;
    private static final int V4_OFFSET = 96;
    private static final int MAX_PORT = 65_535;

    private record Rule(long high, long low, int prefix, int firstPort, int lastPort) {
        boolean matches(IpEndpoint e) {
            return e.port() >= firstPort
                    && e.port() <= lastPort
                    && same(high, e.high(), Math.min(prefix, 64))
                    && same(low, e.low(), Math.max(prefix - 64, 0));
        }

        private static boolean same(long a, long b, int bits) {
            return bits == 0 || (a ^ b) >>> 64 - bits == 0;
        }
    }

    private final List<Rule> rules;

    private AddressRules(List<Rule> rules) {
        this.rules = rules;
    }

    /**
     * Parses a comma list; an empty one matches nothing.
     *
     * @throws InvalidSettingException naming {@code key} and the element that is wrong
     */
    static AddressRules parse(SettingKey key, String text) {
        List<Rule> rules = new ArrayList<>();
        int start = 0;
        while (start < text.length()) {
            int comma = text.indexOf(',', start);
            int end = comma < 0 ? text.length() : comma;
            String element = text.substring(start, end).trim();
            if (!element.isEmpty()) {
                rules.add(rule(key, element));
            }
            start = end + 1;
        }
        return new AddressRules(rules);
    }

    private static Rule rule(SettingKey key, String element) {
        int colon = portColon(element);
        String place = colon < 0 ? element : element.substring(0, colon);
        String ports = colon < 0 ? "" : element.substring(colon + 1);
        int dash = ports.indexOf('-');
        int first = colon < 0 ? 0 : number(key, element, dash < 0 ? ports : ports.substring(0, dash), MAX_PORT);
        int last = colon < 0 ? MAX_PORT : dash < 0 ? first : number(key, element, ports.substring(dash + 1), MAX_PORT);
        if (first > last) {
            throw key.invalid(element);
        }
        if (place.equals("*")) {
            return new Rule(0, 0, 0, first, last);
        }
        int slash = place.indexOf('/');
        IpEndpoint address = address(key, element, slash < 0 ? place : place.substring(0, slash));
        int offset = address.isV4() ? V4_OFFSET : 0;
        int bits = ADDRESS_BITS - offset;
        int prefix = slash < 0 ? bits : number(key, element, place.substring(slash + 1), bits);
        return new Rule(address.high(), address.low(), offset + prefix, first, last);
    }

    /** The colon before the ports; IPv6 addresses with ports stand in brackets. */
    private static int portColon(String element) {
        int bracket = element.indexOf(']');
        if (bracket >= 0) {
            return element.indexOf(':', bracket);
        }
        int first = element.indexOf(':');
        return first == element.lastIndexOf(':') ? first : -1;
    }

    private static IpEndpoint address(SettingKey key, String element, String text) {
        String bare = text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
        for (int i = 0; i < bare.length(); i++) {
            char c = bare.charAt(i);
            if (Character.digit(c, 16) < 0 && c != '.' && c != ':') {
                throw key.invalid(element);
            }
        }
        if (bare.isEmpty()) {
            throw key.invalid(element);
        }
        try {
            return IpEndpoint.of(InetAddress.ofLiteral(bare), 0);
        } catch (IllegalArgumentException e) {
            throw key.invalid(element, e);
        }
    }

    private static int number(SettingKey key, String element, String text, int max) {
        int value = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = Character.digit(text.charAt(i), 10);
            value = value * 10 + digit;
            if (digit < 0 || value > max) {
                throw key.invalid(element);
            }
        }
        if (text.isEmpty()) {
            throw key.invalid(element);
        }
        return value;
    }

    /** Whether a rule names this address and port. */
    public boolean match(IpEndpoint endpoint) {
        for (Rule rule : rules) {
            if (rule.matches(endpoint)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a rule names every address and port. */
    public boolean matchAll() {
        for (Rule rule : rules) {
            if (rule.prefix == 0 && rule.firstPort == 0 && rule.lastPort == MAX_PORT) {
                return true;
            }
        }
        return false;
    }
}
