using System.Collections.Generic;

namespace VaeFunctional.ML;

/// <summary>What a transformer knows beside its model.</summary>
internal sealed record VaeSettings(IReadOnlyList<InputColumn> Inputs, OutputColumns Outputs, double FalseAlarmRate);
