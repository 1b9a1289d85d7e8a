using Atl.Layers;
using Atl.Proto;
using Google.Protobuf.Collections;

namespace Atl.Nets;

/// <summary>Which layers take part: include and exclude rules against the net's phase, level and stages.</summary>
internal static class NetFilter
{
    /// <summary>A net of the layers that the state admits: the same messages, not copies.</summary>
    /// <exception cref="LayerException">A layer has both include and exclude rules.</exception>
    public static NetParameter Filter(NetParameter net, NetState state)
    {
        NetParameter filtered = NetHead.Of(net);
        foreach (LayerParameter layer in net.Layer)
            if (Admits(layer, state))
                filtered.Layer.Add(layer);
        return filtered;
    }

    /// <summary>Whether a layer takes part in a net of a state.</summary>
    /// <exception cref="LayerException">It has both include and exclude rules.</exception>
    public static bool Admits(LayerParameter layer, NetState state)
    {
        if (layer.Include.Count > 0 && layer.Exclude.Count > 0)
            throw new LayerException(layer, "has include and exclude rules; only one kind can be given");
        return layer.Include.Count > 0 ? MeetsOne(layer.Include, state) : !MeetsOne(layer.Exclude, state);
    }

    /// <summary>Which rule leaves a layer out of a net of a state, in words.</summary>
    public static string WhyLeftOut(LayerParameter layer, NetState state)
    {
        if (layer.Exclude.Count > 0)
            return $"its exclude rule applies to {Conditions(layer.Exclude.First(rule => Meets(rule, state)), null)}";
        string[] unmet = [.. layer.Include.Select(rule => Conditions(rule, state))];
        return unmet.Length == 1
            ? $"its include rule requires {unmet[0]}"
            : $"none of its include rules is met (they ask for {string.Join("; or for ", unmet)})";
    }

    /// <summary>Whether another level or other stages alone would let a layer take part.</summary>
    public static bool TurnsOnLevelOrStage(LayerParameter layer, NetState state) =>
        layer.Include.Any(rule => IsOfPhase(rule, state))
        || layer.Exclude.Any(rule => Meets(rule, state) && AsksForLevelOrStage(rule));

    // Most layers have no rules.
    private static bool MeetsOne(RepeatedField<NetStateRule> rules, NetState state)
    {
        for (int i = 0; i < rules.Count; i++)
            if (Meets(rules[i], state))
                return true;
        return false;
    }

    private static bool Meets(NetStateRule rule, NetState state) => IsOfPhase(rule, state)
        && (!rule.HasMinLevel || state.Level >= rule.MinLevel)
        && (!rule.HasMaxLevel || state.Level <= rule.MaxLevel)
        && rule.Stage.All(state.Stage.Contains)
        && !rule.NotStage.Any(state.Stage.Contains);

    private static bool AsksForLevelOrStage(NetStateRule rule) => rule.HasMinLevel || rule.HasMaxLevel
        || rule.Stage.Count + rule.NotStage.Count > 0;

    private static bool IsOfPhase(NetStateRule rule, NetState state) => !rule.HasPhase || rule.Phase == state.Phase;

    // All conditions of a rule, or those that a state does not meet.
    private static string Conditions(NetStateRule rule, NetState? unmetBy)
    {
        List<string> conditions = [];
        void Add(bool given, NetStateRule one, string words)
        {
            if (given && (unmetBy is null || !Meets(one, unmetBy))) conditions.Add(words);
        }

        Add(rule.HasPhase, new NetStateRule { Phase = rule.Phase },
            $"phase {rule.Phase.ToString().ToUpperInvariant()}");
        Add(rule.HasMinLevel, new NetStateRule { MinLevel = rule.MinLevel },
            FormattableString.Invariant($"a level of {rule.MinLevel} or more"));
        Add(rule.HasMaxLevel, new NetStateRule { MaxLevel = rule.MaxLevel },
            FormattableString.Invariant($"a level of {rule.MaxLevel} or less"));
        foreach (string stage in rule.Stage) Add(true, new NetStateRule { Stage = { stage } }, $"stage '{stage}'");
        foreach (string stage in rule.NotStage)
            Add(true, new NetStateRule { NotStage = { stage } }, $"no stage '{stage}'");
        return conditions.Count == 0 ? "every net" : string.Join(" and ", conditions);
    }
}
