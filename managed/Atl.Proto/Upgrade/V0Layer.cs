using Type = Atl.Proto.V1LayerParameter.Types.LayerType;

namespace Atl.Proto;

/// <summary>
/// One V0 layer made a V1 layer. A field that does not belong to the layer's type is left out with a note, as in
/// Caffe's upgrade.
/// </summary>
internal sealed class V0Layer
{
    private readonly V0LayerParameter _old;
    private readonly V1LayerParameter _layer;

    private readonly Action<string>? _note;

    private V0Layer(V1LayerParameter outer, Action<string>? note)
    {
        _note = note;
        _old = outer.Layer;
        _layer = outer.Clone();
        _layer.Layer = null;
        SourceMap.Copy(outer, _layer);
    }

    /// <summary>The V1 form of a layer that holds a V0 layer.</summary>
    public static V1LayerParameter Convert(V1LayerParameter outer, Action<string>? note)
    {
        V0Layer upgrade = new(outer, note);
        upgrade.MoveIdentity();
        upgrade.MoveWeights();
        upgrade.MoveWindow();
        upgrade.MoveNormalization();
        upgrade.MoveData();
        upgrade.MoveTransformation();
        upgrade.MoveDetection();
        return upgrade._layer;
    }

    private Type LayerType => _layer.Type;

    private ConvolutionParameter Convolution => _layer.ConvolutionParam ??= new();

    private InnerProductParameter InnerProduct => _layer.InnerProductParam ??= new();

    private PoolingParameter Pooling => _layer.PoolingParam ??= new();

    private LRNParameter Lrn => _layer.LrnParam ??= new();

    private DataParameter Data => _layer.DataParam ??= new();

    private ImageDataParameter Images => _layer.ImageDataParam ??= new();

    private HDF5DataParameter Hdf5 => _layer.Hdf5DataParam ??= new();

    private WindowDataParameter Windows => _layer.WindowDataParam ??= new();

    private TransformationParameter Transform => _layer.TransformParam ??= new();

    private void MoveIdentity()
    {
        if (_old.HasName)
            _layer.Name = _old.Name;
        if (_old.HasType)
            _layer.Type = V1LayerTypes.OfV0(_old.Type)
                ?? throw new AtlException(
                    $"{SourceMap.Prefix(_old)}layer '{_old.Name}' has the V0 type '{_old.Type}', expected a V0 type "
                        + "such as conv, pool or innerproduct");
        _layer.Blobs.Add(_old.Blobs);
        _layer.BlobsLr.Add(_old.BlobsLr);
        _layer.WeightDecay.Add(_old.WeightDecay);
    }

    private void MoveWeights()
    {
        Move(_old.HasNumOutput, "num_output",
            (Type.Convolution, () => Convolution.NumOutput = _old.NumOutput),
            (Type.InnerProduct, () => InnerProduct.NumOutput = _old.NumOutput));
        Move(_old.HasBiasterm, "biasterm",
            (Type.Convolution, () => Convolution.BiasTerm = _old.Biasterm),
            (Type.InnerProduct, () => InnerProduct.BiasTerm = _old.Biasterm));
        Move(_old.WeightFiller is not null, "weight_filler",
            (Type.Convolution, () => Convolution.WeightFiller = _old.WeightFiller),
            (Type.InnerProduct, () => InnerProduct.WeightFiller = _old.WeightFiller));
        Move(_old.BiasFiller is not null, "bias_filler",
            (Type.Convolution, () => Convolution.BiasFiller = _old.BiasFiller),
            (Type.InnerProduct, () => InnerProduct.BiasFiller = _old.BiasFiller));
        Move(_old.HasGroup, "group", (Type.Convolution, () => Convolution.Group = _old.Group));
    }

    private void MoveWindow()
    {
        Move(_old.HasPad, "pad",
            (Type.Convolution, () => Convolution.Pad.Add(_old.Pad)),
            (Type.Pooling, () => Pooling.Pad = _old.Pad));
        Move(_old.HasKernelsize, "kernelsize",
            (Type.Convolution, () => Convolution.KernelSize.Add(_old.Kernelsize)),
            (Type.Pooling, () => Pooling.KernelSize = _old.Kernelsize));
        Move(_old.HasStride, "stride",
            (Type.Convolution, () => Convolution.Stride.Add(_old.Stride)),
            (Type.Pooling, () => Pooling.Stride = _old.Stride));
        Move(_old.HasPool, "pool", (Type.Pooling, () => Pooling.Pool = (PoolingParameter.Types.PoolMethod)_old.Pool));
    }

    private void MoveNormalization()
    {
        Move(_old.HasDropoutRatio, "dropout_ratio",
            (Type.Dropout, () => (_layer.DropoutParam ??= new()).DropoutRatio = _old.DropoutRatio));
        Move(_old.HasLocalSize, "local_size", (Type.Lrn, () => Lrn.LocalSize = _old.LocalSize));
        Move(_old.HasAlpha, "alpha", (Type.Lrn, () => Lrn.Alpha = _old.Alpha));
        Move(_old.HasBeta, "beta", (Type.Lrn, () => Lrn.Beta = _old.Beta));
        Move(_old.HasK, "k", (Type.Lrn, () => Lrn.K = _old.K));
        Move(_old.HasConcatDim, "concat_dim",
            (Type.Concat, () => (_layer.ConcatParam ??= new()).ConcatDim = _old.ConcatDim));
    }

    private void MoveData()
    {
        Move(_old.HasSource, "source",
            (Type.Data, () => Data.Source = _old.Source),
            (Type.Hdf5Data, () => Hdf5.Source = _old.Source),
            (Type.ImageData, () => Images.Source = _old.Source),
            (Type.WindowData, () => Windows.Source = _old.Source),
            (Type.InfogainLoss, () => (_layer.InfogainLossParam ??= new()).Source = _old.Source));
        Move(_old.HasBatchsize, "batchsize",
            (Type.Data, () => Data.BatchSize = _old.Batchsize),
            (Type.Hdf5Data, () => Hdf5.BatchSize = _old.Batchsize),
            (Type.ImageData, () => Images.BatchSize = _old.Batchsize),
            (Type.WindowData, () => Windows.BatchSize = _old.Batchsize));
        Move(_old.HasRandSkip, "rand_skip",
            (Type.Data, () => Data.RandSkip = _old.RandSkip),
            (Type.ImageData, () => Images.RandSkip = _old.RandSkip));
        Move(_old.HasShuffleImages, "shuffle_images", (Type.ImageData, () => Images.Shuffle = _old.ShuffleImages));
        Move(_old.HasNewHeight, "new_height",
            (Type.ImageData, () => Images.NewHeight = Size(_old.NewHeight, "new_height")));
        Move(_old.HasNewWidth, "new_width", (Type.ImageData, () => Images.NewWidth = Size(_old.NewWidth, "new_width")));
        Move(_old.Hdf5OutputParam is not null, "hdf5_output_param",
            (Type.Hdf5Output, () => _layer.Hdf5OutputParam = _old.Hdf5OutputParam));
    }

    private void MoveTransformation()
    {
        if (_old.HasScale)
            Transform.Scale = _old.Scale;
        if (_old.HasMeanfile)
            Transform.MeanFile = _old.Meanfile;
        if (_old.HasCropsize)
            Transform.CropSize = _old.Cropsize;
        if (_old.HasMirror)
            Transform.Mirror = _old.Mirror;
    }

    private void MoveDetection()
    {
        Move(_old.HasDetFgThreshold, "det_fg_threshold",
            (Type.WindowData, () => Windows.FgThreshold = _old.DetFgThreshold));
        Move(_old.HasDetBgThreshold, "det_bg_threshold",
            (Type.WindowData, () => Windows.BgThreshold = _old.DetBgThreshold));
        Move(_old.HasDetFgFraction, "det_fg_fraction",
            (Type.WindowData, () => Windows.FgFraction = _old.DetFgFraction));
        Move(_old.HasDetContextPad, "det_context_pad",
            (Type.WindowData, () => Windows.ContextPad = _old.DetContextPad));
        Move(_old.HasDetCropMode, "det_crop_mode", (Type.WindowData, () => Windows.CropMode = _old.DetCropMode));
    }

    private void Move(bool isSet, string field, params ReadOnlySpan<(Type Type, Action Move)> places)
    {
        if (!isSet)
            return;
        foreach ((Type type, Action move) in places)
        {
            if (type != LayerType)
                continue;
            move();
            return;
        }
        _note?.Invoke($"{SourceMap.Prefix(_old)}layer '{_old.Name}': '{field}' has no effect in a layer of V0 type "
            + $"'{_old.Type}' and is dropped");
    }

    private uint Size(int value, string field) => value >= 0
        ? (uint)value
        : throw new AtlException($"{SourceMap.Prefix(_old)}layer '{_old.Name}': {field} {value}, expected 0 or more");
}
