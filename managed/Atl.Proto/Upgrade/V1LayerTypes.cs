using Type = Atl.Proto.V1LayerParameter.Types.LayerType;

namespace Atl.Proto;

/// <summary>The layer types of the V1 format (an enum) and their names in the current one.</summary>
internal static class V1LayerTypes
{
    /// <summary>The current name of a V1 type, or null for NONE and numbers that name no type.</summary>
    public static string? Name(Type type) => type switch
    {
        Type.Absval => "AbsVal",
        Type.Accuracy => "Accuracy",
        Type.Argmax => "ArgMax",
        Type.Bnll => "BNLL",
        Type.Concat => "Concat",
        Type.ContrastiveLoss => "ContrastiveLoss",
        Type.Convolution => "Convolution",
        Type.Data => "Data",
        Type.Deconvolution => "Deconvolution",
        Type.Dropout => "Dropout",
        Type.DummyData => "DummyData",
        Type.EuclideanLoss => "EuclideanLoss",
        Type.Eltwise => "Eltwise",
        Type.Exp => "Exp",
        Type.Flatten => "Flatten",
        Type.Hdf5Data => "HDF5Data",
        Type.Hdf5Output => "HDF5Output",
        Type.HingeLoss => "HingeLoss",
        Type.Im2Col => "Im2col",
        Type.ImageData => "ImageData",
        Type.InfogainLoss => "InfogainLoss",
        Type.InnerProduct => "InnerProduct",
        Type.Lrn => "LRN",
        Type.MemoryData => "MemoryData",
        Type.MultinomialLogisticLoss => "MultinomialLogisticLoss",
        Type.Mvn => "MVN",
        Type.Pooling => "Pooling",
        Type.Power => "Power",
        Type.Relu => "ReLU",
        Type.Sigmoid => "Sigmoid",
        Type.SigmoidCrossEntropyLoss => "SigmoidCrossEntropyLoss",
        Type.Silence => "Silence",
        Type.Softmax => "Softmax",
        Type.SoftmaxLoss => "SoftmaxWithLoss",
        Type.Split => "Split",
        Type.Slice => "Slice",
        Type.Tanh => "TanH",
        Type.WindowData => "WindowData",
        Type.Threshold => "Threshold",
        _ => null,
    };

    /// <summary>The V1 type of a V0 type's name, or null when there is none.</summary>
    public static Type? OfV0(string name) => name switch
    {
        "accuracy" => Type.Accuracy,
        "bnll" => Type.Bnll,
        "concat" => Type.Concat,
        "conv" => Type.Convolution,
        "data" => Type.Data,
        "dropout" => Type.Dropout,
        "euclidean_loss" => Type.EuclideanLoss,
        "flatten" => Type.Flatten,
        "hdf5_data" => Type.Hdf5Data,
        "hdf5_output" => Type.Hdf5Output,
        "im2col" => Type.Im2Col,
        "images" => Type.ImageData,
        "infogain_loss" => Type.InfogainLoss,
        "innerproduct" => Type.InnerProduct,
        "lrn" => Type.Lrn,
        "multinomial_logistic_loss" => Type.MultinomialLogisticLoss,
        "pool" => Type.Pooling,
        "relu" => Type.Relu,
        "sigmoid" => Type.Sigmoid,
        "softmax" => Type.Softmax,
        "softmax_loss" => Type.SoftmaxLoss,
        "split" => Type.Split,
        "tanh" => Type.Tanh,
        "window_data" => Type.WindowData,
        _ => null,
    };
}
