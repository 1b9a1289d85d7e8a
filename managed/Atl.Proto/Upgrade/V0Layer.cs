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
        _layer = outer;
        _layer.Layer = null;
    }

    /// <summary>Gives a layer that holds a V0 layer its V1 form, in place, and returns it.</summary>
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
            (Type.Convolution, static v0 => v0.Convolution.NumOutput = v0._old.NumOutput),
            (Type.InnerProduct, static v0 => v0.InnerProduct.NumOutput = v0._old.NumOutput));
        Move(_old.HasBiasterm, "biasterm",
            (Type.Convolution, static v0 => v0.Convolution.BiasTerm = v0._old.Biasterm),
            (Type.InnerProduct, static v0 => v0.InnerProduct.BiasTerm = v0._old.Biasterm));
        Move(_old.WeightFiller is not null, "weight_filler",
            (Type.Convolution, static v0 => v0.Convolution.WeightFiller = v0._old.WeightFiller),
            (Type.InnerProduct, static v0 => v0.InnerProduct.WeightFiller = v0._old.WeightFiller));
        Move(_old.BiasFiller is not null, "bias_filler",
            (Type.Convolution, static v0 => v0.Convolution.BiasFiller = v0._old.BiasFiller),
            (Type.InnerProduct, static v0 => v0.InnerProduct.BiasFiller = v0._old.BiasFiller));
        Move(_old.HasGroup, "group", (Type.Convolution, static v0 => v0.Convolution.Group = v0._old.Group));
    }

    private void MoveWindow()
    {
        Move(_old.HasPad, "pad",
            (Type.Convolution, static v0 => v0.Convolution.Pad.Add(v0._old.Pad)),
            (Type.Pooling, static v0 => v0.Pooling.Pad = v0._old.Pad));
        Move(_old.HasKernelsize, "kernelsize",
            (Type.Convolution, static v0 => v0.Convolution.KernelSize.Add(v0._old.Kernelsize)),
            (Type.Pooling, static v0 => v0.Pooling.KernelSize = v0._old.Kernelsize));
        Move(_old.HasStride, "stride",
            (Type.Convolution, static v0 => v0.Convolution.Stride.Add(v0._old.Stride)),
            (Type.Pooling, static v0 => v0.Pooling.Stride = v0._old.Stride));
        Move(_old.HasPool, "pool",
            (Type.Pooling, static v0 => v0.Pooling.Pool = (PoolingParameter.Types.PoolMethod)v0._old.Pool));
    }

    private void MoveNormalization()
    {
        Move(_old.HasDropoutRatio, "dropout_ratio",
            (Type.Dropout, static v0 => (v0._layer.DropoutParam ??= new()).DropoutRatio = v0._old.DropoutRatio));
        Move(_old.HasLocalSize, "local_size", (Type.Lrn, static v0 => v0.Lrn.LocalSize = v0._old.LocalSize));
        Move(_old.HasAlpha, "alpha", (Type.Lrn, static v0 => v0.Lrn.Alpha = v0._old.Alpha));
        Move(_old.HasBeta, "beta", (Type.Lrn, static v0 => v0.Lrn.Beta = v0._old.Beta));
        Move(_old.HasK, "k", (Type.Lrn, static v0 => v0.Lrn.K = v0._old.K));
        Move(_old.HasConcatDim, "concat_dim",
            (Type.Concat, static v0 => (v0._layer.ConcatParam ??= new()).ConcatDim = v0._old.ConcatDim));
    }

    private void MoveData()
    {
        Move(_old.HasSource, "source",
            (Type.Data, static v0 => v0.Data.Source = v0._old.Source),
            (Type.Hdf5Data, static v0 => v0.Hdf5.Source = v0._old.Source),
            (Type.ImageData, static v0 => v0.Images.Source = v0._old.Source),
            (Type.WindowData, static v0 => v0.Windows.Source = v0._old.Source),
            (Type.InfogainLoss, static v0 => (v0._layer.InfogainLossParam ??= new()).Source = v0._old.Source));
        Move(_old.HasBatchsize, "batchsize",
            (Type.Data, static v0 => v0.Data.BatchSize = v0._old.Batchsize),
            (Type.Hdf5Data, static v0 => v0.Hdf5.BatchSize = v0._old.Batchsize),
            (Type.ImageData, static v0 => v0.Images.BatchSize = v0._old.Batchsize),
            (Type.WindowData, static v0 => v0.Windows.BatchSize = v0._old.Batchsize));
        Move(_old.HasRandSkip, "rand_skip",
            (Type.Data, static v0 => v0.Data.RandSkip = v0._old.RandSkip),
            (Type.ImageData, static v0 => v0.Images.RandSkip = v0._old.RandSkip));
        Move(_old.HasShuffleImages, "shuffle_images",
            (Type.ImageData, static v0 => v0.Images.Shuffle = v0._old.ShuffleImages));
        Move(_old.HasNewHeight, "new_height",
            (Type.ImageData, static v0 => v0.Images.NewHeight = v0.Size(v0._old.NewHeight, "new_height")));
        Move(_old.HasNewWidth, "new_width",
            (Type.ImageData, static v0 => v0.Images.NewWidth = v0.Size(v0._old.NewWidth, "new_width")));
        Move(_old.Hdf5OutputParam is not null, "hdf5_output_param",
            (Type.Hdf5Output, static v0 => v0._layer.Hdf5OutputParam = v0._old.Hdf5OutputParam));
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
            (Type.WindowData, static v0 => v0.Windows.FgThreshold = v0._old.DetFgThreshold));
        Move(_old.HasDetBgThreshold, "det_bg_threshold",
            (Type.WindowData, static v0 => v0.Windows.BgThreshold = v0._old.DetBgThreshold));
        Move(_old.HasDetFgFraction, "det_fg_fraction",
            (Type.WindowData, static v0 => v0.Windows.FgFraction = v0._old.DetFgFraction));
        Move(_old.HasDetContextPad, "det_context_pad",
            (Type.WindowData, static v0 => v0.Windows.ContextPad = v0._old.DetContextPad));
        Move(_old.HasDetCropMode, "det_crop_mode",
            (Type.WindowData, static v0 => v0.Windows.CropMode = v0._old.DetCropMode));
    }

    private void Move(bool isSet, string field, params ReadOnlySpan<(Type Type, Action<V0Layer> Move)> places)
    {
        if (!isSet)
            return;
        foreach ((Type type, Action<V0Layer> move) in places)
        {
            if (type != LayerType)
                continue;
            move(this);
            return;
        }
        _note?.Invoke($"{SourceMap.Prefix(_old)}layer '{_old.Name}': '{field}' has no effect in a layer of V0 type "
            + $"'{_old.Type}' and is dropped");
    }

    private uint Size(int value, string field) => value >= 0
        ? (uint)value
        : throw new AtlException($"{SourceMap.Prefix(_old)}layer '{_old.Name}': {field} {value}, expected 0 or more");
}
