package io.ringway;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.ringway.nic.IpEndpoint;
import java.nio.charset.StandardCharsets;

/** Any text where a list of addresses should be: only its own exception may come of it. */
class AddressRulesFuzzTest {
    private static final IpEndpoint V4 = IpEndpoint.v4(0x7f000001, 80);
    private static final IpEndpoint V6 = new IpEndpoint(0x2001_0db8L << 32, 1, 65_535);

    @FuzzTest(maxDuration = "60s")
    void anyListIsReadOrRefused(byte[] input) {
        String text = new String(input, StandardCharsets.UTF_8);
        AddressRules rules;
        try {
            rules = AddressRules.parse(SettingKey.EXCLUDE, text);
        } catch (InvalidSettingException e) {
            assertNotNull(e.getMessage());
            assertTrue(e.getMessage().startsWith(SettingKey.EXCLUDE.key()), e.getMessage());
            return;
        }
        boolean both = rules.match(V4) && rules.match(V6);
        assertTrue(both || !rules.matchAll());
        assertFalse(rules.match(V4) && text.isBlank());
        AddressRules andAll = AddressRules.parse(SettingKey.EXCLUDE, text + ",*");
        assertTrue(andAll.matchAll() && andAll.match(V4) && andAll.match(V6));
    }
}
