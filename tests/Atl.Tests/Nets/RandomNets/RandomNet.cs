using Atl.Proto;

namespace Atl.Tests.Nets.RandomNets;

/// <summary>
/// Draws nets of random shape: layers in place wherever a prototxt may have them, views in chains, explicit and
/// inserted splits, shared parameters, propagate_down, loss weights on blobs in the middle. Equal seeds give equal
/// nets.
/// </summary>
internal sealed class RandomNet
{
    private static readonly string[] Functions =
        ["ReLU", "ReLU6", "TanH", "Sigmoid", "ELU", "Exp", "AbsVal", "BNLL", "Clip", "Swish", "Power", "Dropout",
        "PReLU", "Scale", "Bias"];

    private static readonly string[] Others =
    [
        "View", "View", "View", "Split", "Convolution", "BatchNorm", "MVN", "Softmax", "InnerProduct", "Concat",
        "Slice",
        "Eltwise", "Eltwise", "Eltwise", "Affine2", "EuclideanLoss",
    ];

    private readonly RandomStream _stream;
    private readonly List<Open> _open = [];
    private readonly List<LayerParameter> _layers = [];
    private readonly List<LayerParameter> _inputs = [];
    private readonly bool _stopsGradients;

    private RandomNet(ulong seed)
    {
        _stream = new RandomStream(seed, "net");
        _stopsGradients = Chance(0.5);
        AddInput("data", new Shape(3 + _stream.Next(2), 4, 1 + _stream.Next(2), 2));
        // The gradient of this bias is that of the input.
        Add("Bias", [_open[0]], inPlace: false, layer =>
        {
            layer.BiasParam = new BiasParameter { Axis = 0, NumAxes = -1, Filler = Uniform(-0.5f, 0.5f) };
        });
        if (Chance(0.15)) AddConstant();
        int count = 4 + _stream.Next(11);
        for (int i = 0; i < count; i++) AddRandom();
        AddLosses();
    }

    /// <summary>The net of a seed.</summary>
    public static NetParameter Draw(ulong seed)
    {
        RandomNet drawn = new(seed);
        NetParameter net = new() { Name = $"random {seed}", ForceBackward = !drawn._stopsGradients };
        net.Layer.Add(drawn._inputs);
        net.Layer.Add(drawn._layers);
        return net;
    }

    private bool Chance(double probability) => _stream.NextDouble() < probability;

    private T Pick<T>(IReadOnlyList<T> from) => from[_stream.Next(from.Count)];

    private static FillerParameter Uniform(float min, float max) => new() { Type = "uniform", Min = min, Max = max };

    private void AddInput(string name, Shape shape)
    {
        InputParameter given = new();
        given.Shape.Add(shape.ToMessage());
        _inputs.Add(new LayerParameter { Name = name, Type = "Input", Top = { name }, InputParam = given });
        _open.Add(new Open(name, shape));
    }

    private void AddConstant()
    {
        DummyDataParameter given = new();
        given.Shape.Add(_open[0].Shape.ToMessage());
        given.DataFiller.Add(new FillerParameter { Value = 0.7f });
        _inputs.Add(new LayerParameter
        {
            Name = "constant",
            Type = "DummyData",
            Top = { "constant" },
            DummyDataParam = given
        });
        _open.Add(new Open("constant", _open[0].Shape));
    }

    // Bottoms that nobody reads yet come first, and late ones before early ones: so nets grow deep, and layers may
    // run in place.
    private Open? PickBottom(Func<Open, bool>? fits = null)
    {
        Open[] fitting = [.. _open.Skip(1).Where(open => open.Shape.NumAxes > 1 && (fits?.Invoke(open) ?? true))];
        if (fitting.Length == 0) return null;
        Open[] unread = [.. fitting.Where(open => open.Readers == 0)];
        return unread.Length > 0 && Chance(0.75) ? unread[^(1 + _stream.Next(Math.Min(3, unread.Length)))]
            : Pick(fitting);
    }

    private void AddRandom()
    {
        string type = Chance(0.55) ? Pick(Functions) : Pick(Others);
        switch (type)
        {
            case "View":
                AddView(PickBottom()!);
                break;
            case "Split":
                Add("Split", [PickBottom()!], inPlace: false, tops: 2 + _stream.Next(2));
                break;
            case "MVN":
                if (PickBottom(static open => open.Shape.NumAxes == 4) is { } image)
                    Add("MVN", [image], Chance(0.5),
                        static layer => layer.MvnParam = new MVNParameter { AcrossChannels = true });
                break;
            case "InnerProduct":
                Add("InnerProduct", [PickBottom()!], inPlace: false,
                    layer => layer.InnerProductParam = new InnerProductParameter
                    {
                        NumOutput = (uint)(3 + _stream.Next(3)),
                        WeightFiller = Uniform(-0.5f, 0.5f),
                        BiasFiller = Uniform(-0.5f, 0.5f),
                    });
                break;
            case "Convolution":
                // Sixteen channels and more lie in blocks of their own on some devices.
                if (PickBottom(static open => open.Shape.NumAxes == 4) is { } picture)
                {
                    ConvolutionParameter given = new()
                    {
                        NumOutput = Pick([4u, 16u]),
                        WeightFiller = Uniform(-0.5f, 0.5f),
                        BiasFiller = Uniform(-0.5f, 0.5f),
                    };
                    given.KernelSize.Add(1);
                    Add("Convolution", [picture], inPlace: false, layer => layer.ConvolutionParam = given);
                }
                break;
            case "Concat":
                Open one = PickBottom()!,
                    other = PickBottom(open => open.Shape.With(1, 0).Equals(one.Shape.With(1, 0)))!;
                if (one.Shape[1] + other.Shape[1] <= 16) Add("Concat", [one, other], inPlace: false);
                break;
            case "Slice":
                if (PickBottom(static open => open.Shape[1] % 2 == 0) is { } whole)
                    Add("Slice", [whole], inPlace: false, tops: 2);
                break;
            case "Eltwise":
            case "Affine2":
                AddPair(type);
                break;
            case "EuclideanLoss":
                AddEuclideanLoss(PickBottom()!);
                break;
            default:
                Open bottom = PickBottom()!;
                Add(type, [bottom], Chance(0.6), layer => Describe(layer, bottom));
                break;
        }
    }

    private void AddView(Open bottom)
    {
        string type = Pick(["Flatten", "Reshape", "Reshape", "Concat", "Slice", "Split"]);
        Add(type, [bottom], inPlace: false, layer =>
        {
            if (type == "Reshape") layer.ReshapeParam = new ReshapeParameter { Shape = bottom.Shape.ToMessage() };
        });
    }

    private void AddPair(string type)
    {
        Open one = PickBottom()!, other = PickBottom(open => open.Shape.Equals(one.Shape))!;
        if (type == "Affine2")
        {
            if (Chance(0.5))
                Add("Bias", [one, other], Chance(0.5),
                    static layer => layer.BiasParam = new BiasParameter { Axis = 0 });
            else Add("Scale", [one, other], Chance(0.5),
                static layer => layer.ScaleParam = new ScaleParameter { Axis = 0 });
            return;
        }
        EltwiseParameter given = new()
        {
            Operation = Pick([EltwiseParameter.Types.EltwiseOp.Sum, EltwiseParameter.Types.EltwiseOp.Sum,
                EltwiseParameter.Types.EltwiseOp.Prod,
                EltwiseParameter.Types.EltwiseOp.Max]),
        };
        bool sum = given.Operation == EltwiseParameter.Types.EltwiseOp.Sum;
        if (sum && Chance(0.5)) given.Coeff.Add([0.5f, -0.8f]);
        Add("Eltwise", [one, other], sum && Chance(0.6), layer => layer.EltwiseParam = given);
    }

    // One loss in three goes on into another layer, with the weight that it has by default.
    private void AddEuclideanLoss(Open bottom)
    {
        Open? other = _open.Skip(2).LastOrDefault(open => open != bottom && open.Shape.Equals(bottom.Shape));
        if (other is null)
        {
            string name = $"target{_inputs.Count}";
            AddInput(name, bottom.Shape);
            other = _open[^1];
            _open.Remove(other);
        }
        Add("EuclideanLoss", [bottom, other], inPlace: false, weight: Chance(0.5) ? 0 : 0.3f);
        Open loss = _open[^1];
        if (loss.Readers > 0 || !Chance(0.4)) return;
        Add("Power", [loss], Chance(0.5), static layer => layer.PowerParam = new PowerParameter
        {
            Power = 2,
            Scale = 0.5f,
            Shift = 0.3f
        }, weight: 0.7f);
    }

    private void Describe(LayerParameter layer, Open bottom)
    {
        switch (layer.Type)
        {
            case "ReLU":
                layer.ReluParam = new ReLUParameter { NegativeSlope = Pick([0f, 0f, 0.1f, -0.3f]) };
                break;
            case "Exp":
                layer.ExpParam = new ExpParameter { Scale = Pick([0.5f, -0.4f]) };
                break;
            case "Clip":
                layer.ClipParam = new ClipParameter { Min = -0.6f, Max = 0.7f };
                break;
            case "Power":
                layer.PowerParam = new PowerParameter
                {
                    Power = Pick([1f, 1f, 2f]),
                    Scale = Pick([0.6f, -0.9f]),
                    Shift = Pick([0.3f, -0.2f])
                };
                break;
            case "Dropout":
                layer.DropoutParam = new DropoutParameter { DropoutRatio = 0.3f };
                break;
            case "PReLU":
                layer.PreluParam = new PReLUParameter
                {
                    ChannelShared = Chance(0.5),
                    Filler = Uniform(Pick([0.1f, 0.1f, -0.5f]), 0.5f)
                };
                if (layer.PreluParam.ChannelShared && Chance(0.6)) Share(layer, "slope");
                break;
            case "Scale":
                layer.ScaleParam = new ScaleParameter
                {
                    Filler = Uniform(0.5f, 1.5f),
                    BiasTerm = Chance(0.5),
                    BiasFiller = Uniform(-0.5f, 0.5f)
                };
                if (Chance(0.4)) Share(layer, $"scale{bottom.Shape[1]}");
                break;
            case "Bias":
                layer.BiasParam = new BiasParameter { Filler = Uniform(-0.7f, 0.7f) };
                if (Chance(0.4)) Share(layer, $"bias{bottom.Shape[1]}");
                break;
        }
    }

    private static void Share(LayerParameter layer, string name) => layer.Param.Add(new ParamSpec { Name = name });

    private void AddLosses()
    {
        Open[] ends = [.. _open.Skip(1).Where(open => open.Readers == 0)];
        foreach (Open end in ends)
        {
            if (end != ends[^1] && Chance(0.3)) continue;
            Add("Reduction", [end], inPlace: false, layer => layer.ReductionParam = new ReductionParameter
            {
                Operation = Pick([ReductionParameter.Types.ReductionOp.Sumsq, ReductionParameter.Types.ReductionOp.Sum,
                    ReductionParameter.Types.ReductionOp.Mean]),
                Coeff = 0.5f,
            }, weight: Pick([1f, 0.5f]));
        }
    }

    private void Add(string type, Open[] bottoms, bool inPlace, Action<LayerParameter>? describe = null, int tops = 1,
        float weight = 0)
    {
        LayerParameter layer = new() { Name = $"l{_layers.Count}_{type}", Type = type };
        describe?.Invoke(layer);
        inPlace &= bottoms[0].Readers == 0 && bottoms.Count(bottom => bottom == bottoms[0]) == 1;
        foreach (Open bottom in bottoms)
        {
            layer.Bottom.Add(bottom.Name);
            bottom.Readers++;
        }
        bool isView = bottoms.Length == 1 && tops == 1 && type is "Flatten" or "Reshape" or "Concat" or "Slice"
            or "Split";
        if (_stopsGradients && Chance(isView ? 0.3 : 0.1))
            foreach (Open _ in bottoms) layer.PropagateDown.Add(Chance(0.3));
        if (inPlace)
        {
            // The name now means the new value.
            layer.Top.Add(bottoms[0].Name);
            bottoms[0].Readers = 0;
            _open.Remove(bottoms[0]);
            _open.Add(bottoms[0]);
        }
        else
        {
            for (int i = 0; i < tops; i++)
            {
                string name = $"b{_layers.Count}_{i}";
                layer.Top.Add(name);
                _open.Add(new Open(name, TopShape(layer, bottoms, tops)));
            }
        }
        if (weight == 0 && Chance(0.05)) weight = 0.4f;
        if (weight != 0)
        {
            // An explicit weight is a reader of its own.
            for (int i = 0; i < tops; i++) layer.LossWeight.Add(i == 0 ? weight : 0);
            _open[^tops].Readers++;
        }
        _layers.Add(layer);
    }

    private static Shape TopShape(LayerParameter layer, Open[] bottoms, int tops)
    {
        Shape shape = bottoms[0].Shape;
        return layer.Type switch
        {
            "Flatten" => new Shape(shape[0], (int)shape.CountFrom(1)),
            "InnerProduct" => new Shape(shape[0], (int)layer.InnerProductParam.NumOutput),
            "Convolution" => shape.With(1, (int)layer.ConvolutionParam.NumOutput),
            "Concat" => shape.With(1, bottoms.Sum(bottom => bottom.Shape[1])),
            "Slice" => shape.With(1, shape[1] / tops),
            "Reduction" or "EuclideanLoss" => Shape.Scalar,
            _ => shape,
        };
    }

    /// <summary>A name, what it stands for at present, and how many read that.</summary>
    private sealed class Open(string name, Shape shape)
    {
        public string Name { get; } = name;

        public Shape Shape { get; } = shape;

        public int Readers { get; set; }
    }
}
