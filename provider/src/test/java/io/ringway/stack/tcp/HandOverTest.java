package io.ringway.stack.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What is written while somebody else owns the stack. */
@ParameterizedClass
@EnumSource(Dialogue.Setting.class)
class HandOverTest extends Dialogue {
    HandOverTest(Setting setting) {
        super(setting);
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void aWriteIsNotHandedOverBeforeTheOwnerLetsGo() throws Exception {
        established();
        assertTrue(stack.tryOwn());
        assertEquals(5, c.write(bytes("hello")));
        assertFalse(c.isHandedOver());
        assertTrue(peer.received.isEmpty());
        stack.disown();
        assertTrue(c.isHandedOver());
        expect(Seg.data(iss + 1, irs + 1, "hello"));
    }

    @Test
    void severalBuffersAreNotHandedOverBeforeTheOwnerLetsGo() throws Exception {
        established();
        assertTrue(stack.tryOwn());
        assertEquals(5, c.write(new ByteBuffer[] {bytes("he"), bytes("llo")}, 0, 2));
        assertFalse(c.isHandedOver());
        stack.disown();
        assertTrue(c.isHandedOver());
        expect(Seg.data(iss + 1, irs + 1, "hello"));
    }

    @Test
    void aWriteThatOwnedTheStackNeedsNoHandOver() throws Exception {
        established();
        assertEquals(5, c.write(bytes("hello")));
        assertTrue(stack.tryOwn());
        assertTrue(c.isHandedOver());
        stack.disown();
    }

    /** A listener that closes does both to what it did not hand out. */
    @Test
    void anAbortAndACloseThatMeetAtTheOwnerAreAReset() {
        established();
        assertTrue(stack.tryOwn());
        c.abort();
        c.close();
        stack.disown();
        expect(Seg.rstAck(iss + 1, irs + 1));
        state(TcpState.CLOSED);
    }
}
