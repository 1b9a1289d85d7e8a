using Atl.Layers;
using Atl.Proto;

namespace Atl.Nets;

/// <summary>Collects a net's learnable parameters and makes those with the same param name share data and
/// diff.</summary>
internal sealed class ParameterSharing
{
    private static readonly ParamSpec Unnamed = new();

    private readonly Dictionary<string, Owner> _owners = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<SharedParameter>> _named = new(StringComparer.Ordinal);
    private readonly List<LearnableParameter> _learnable = [];

    /// <summary>The owners, in order.</summary>
    public IReadOnlyList<LearnableParameter> Learnable => _learnable;

    /// <summary>The parameters of each name, the owner first.</summary>
    public IReadOnlyDictionary<string, List<SharedParameter>> Named => _named;

    /// <summary>Adds a layer's parameter; one whose name is known becomes a view of its owner.</summary>
    /// <exception cref="LayerException">Shapes or multipliers of sharers do not agree.</exception>
    public void Add(Layer layer, int index)
    {
        ParamSpec spec = index < layer.Params.Count ? layer.Params[index] : Unnamed;
        Blob blob = layer.Blobs[index];
        if (spec.Name.Length > 0)
        {
            if (!_named.TryGetValue(spec.Name, out List<SharedParameter>? sharers)) _named.Add(spec.Name, sharers = []);
            sharers.Add(new SharedParameter(layer, index));
        }
        if (spec.HasName && spec.Name.Length > 0 && _owners.TryGetValue(spec.Name, out Owner? owner))
        {
            Share(layer, index, spec, blob, owner);
            return;
        }
        LearnableParameter parameter = new(blob, layer.Name, index)
        {
            LrMultiplier = spec.LrMult,
            DecayMultiplier = spec.DecayMult
        };
        _learnable.Add(parameter);
        if (spec.HasName && spec.Name.Length > 0)
            _owners[spec.Name] = new Owner(parameter) { HasLr = spec.HasLrMult, HasDecay = spec.HasDecayMult };
    }

    private static void Share(Layer layer, int index, ParamSpec spec, Blob blob, Owner owner)
    {
        LearnableParameter shared = owner.Parameter;
        bool permissive = spec.ShareMode == ParamSpec.Types.DimCheckMode.Permissive;
        if (permissive ? blob.Count != shared.Blob.Count : !blob.Shape.Equals(shared.Blob.Shape))
            throw new LayerException(
                layer.Parameter,
                $"cannot share parameter '{spec.Name}' (parameter {index}) of shape {blob.Shape} with layer "
                    + $"'{shared.Layer}', "
                    + $"whose shape is {shared.Blob.Shape}"
                + (permissive ? "; the counts must be equal" : "; share_mode: PERMISSIVE requires only equal counts"));
        blob.Data.Share(shared.Blob.Data);
        blob.Diff.Share(shared.Blob.Diff);
        if (spec.HasLrMult)
        {
            if (owner.HasLr && spec.LrMult != shared.LrMultiplier)
                throw Mismatch(layer, spec, shared, "lr_mult", spec.LrMult, shared.LrMultiplier);
            owner.HasLr = true;
            shared.LrMultiplier = spec.LrMult;
        }
        if (spec.HasDecayMult)
        {
            if (owner.HasDecay && spec.DecayMult != shared.DecayMultiplier)
                throw Mismatch(layer, spec, shared, "decay_mult", spec.DecayMult, shared.DecayMultiplier);
            owner.HasDecay = true;
            shared.DecayMultiplier = spec.DecayMult;
        }
    }

    private static LayerException Mismatch(Layer layer, ParamSpec spec, LearnableParameter owner, string field,
        float found, float expected) => new(
        layer.Parameter,
        FormattableString.Invariant(
            $"shared parameter '{spec.Name}' has {field} {found} here and {expected} in layer '{owner.Layer}'"));

    private sealed class Owner(LearnableParameter parameter)
    {
        public LearnableParameter Parameter { get; } = parameter;

        public bool HasLr { get; set; }

        public bool HasDecay { get; set; }
    }
}
