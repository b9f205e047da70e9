package io.ringway.compat.support;

import java.util.regex.Pattern;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Leaves out the tests of somebody else's suite in whose unique identifiers the pattern is found that is the suite's
 * configuration parameter {@link #PARAMETER}.
 */
public final class Exclusions implements ExecutionCondition {
    public static final String PARAMETER = "compat.excluded";

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        return context.getConfigurationParameter(PARAMETER)
                .filter(pattern ->
                        Pattern.compile(pattern).matcher(context.getUniqueId()).find())
                .map(pattern -> ConditionEvaluationResult.disabled("excluded by " + pattern))
                .orElse(ConditionEvaluationResult.enabled("not excluded"));
    }
}
