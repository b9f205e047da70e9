package io.ringway.nic.fabric;

/** Whoever chunks of frames were handed to: a device queue, or the lender to the program. */
abstract class FrameHome {
    /** A frame of this home that was used elsewhere has been freed there and by all its readers. Any thread. */
    abstract void post(long frame);

    /** Takes back what can be had: frames run short. The home's thread. */
    abstract void harvest();

    /** Somebody freed a frame that was free. The home's thread. */
    abstract void freedTwice();
}
