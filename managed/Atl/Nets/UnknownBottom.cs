using Atl.Proto;

namespace Atl.Nets;

/// <summary>
/// Says of a bottom that no earlier layer makes what would have made it: an input that is given without dims, a layer
/// that the net's rules leave out, or one that stands later.
/// </summary>
/// <param name="written">The net with all its layers.</param>
/// <param name="state">What its rules are asked with.</param>
internal sealed class UnknownBottom(NetParameter written, NetState state)
{
    private const string StateAdvice = "; a solver's test nets take level and stages from test_state in the "
        + "solver's file (train's -level and -stage go "
        + "to the training net alone), other nets take them from -level and -stage";

    /// <summary>The end of an error's message.</summary>
    /// <param name="number">The number of the layer that reads the bottom, among those that take part.</param>
    /// <param name="reader">That layer.</param>
    /// <param name="index">Which of its bottoms is unknown.</param>
    /// <param name="known">The blobs that earlier layers make.</param>
    public string Explain(int number, LayerParameter reader, int index, IEnumerable<string> known)
    {
        string bottom = reader.Bottom[index];
        if (SourceMap.FindInputWithoutDims(reader, bottom) is { } input)
            return $": {input} gives input '{bottom}' without dims; add its input_dim or input_shape";
        List<string> makers = [];
        bool wantsState = false;
        int position = 0;
        foreach (LayerParameter layer in written.Layer)
        {
            bool takesPart = NetFilter.Admits(layer, state), makes = layer.Top.Contains(bottom)
                && !layer.Bottom.Contains(bottom);
            if (makes && !takesPart)
            {
                makers.Add($"{Describe(layer)} produces it, but is excluded from this net ({Describe(state)}): "
                    + $"{NetFilter.WhyLeftOut(layer, state)}");
                wantsState |= NetFilter.TurnsOnLevelOrStage(layer, state);
            }
            if (makes && takesPart && position > number)
                makers.Add($"{Describe(layer)} produces it, but comes after this layer; move it before this one");
            if (takesPart) position++;
        }
        return makers.Count == 0 ? NearestName.Hint(bottom, known)
            : $": {string.Join("; ", makers)}{(wantsState ? StateAdvice : "")}";
    }

    private static string Describe(LayerParameter layer) =>
        $"layer '{layer.Name}'{(SourceMap.Find(layer) is { } place ? $" ({place})" : "")}";

    private static string Describe(NetState state)
    {
        string stages = state.Stage.Count == 0 ? "no stage"
            : $"stage {string.Join(", ", state.Stage.Select(stage => $"'{stage}'"))}";
        return FormattableString.Invariant(
            $"phase {state.Phase.ToString().ToUpperInvariant()}, level {state.Level}, {stages}");
    }
}
