/** What a comparison says about Ringway's claims, as text and as a page with percentile plots. */
@NullMarked
package io.ringway.bench.report;

import org.jspecify.annotations.NullMarked;
