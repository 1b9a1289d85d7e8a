using System.Globalization;
using Atl.Devices;
using Atl.Proto;

namespace Atl.Layers;

/// <summary>Says what to change where a layer's memory does not suffice.</summary>
internal static class OutOfMemory
{
    /// <summary>Whether memory ran out, on a device or in the program.</summary>
    public static bool Is(Exception e) => e is DeviceMemoryException or OutOfMemoryException;

    /// <summary>The error of a layer for which memory ran out.</summary>
    public static LayerException Of(LayerParameter layer, Exception e)
    {
        string remedy = layer.Phase == Phase.Test
            ? "lower batch_size in the net's TEST data (more test_iter test as many samples), the images' size or "
                + "num_output"
            : "lower batch_size in the net's TRAIN data (with a solver, raise iter_size to train on as many samples), "
                + "the images' size or num_output";
        string found = e is DeviceMemoryException memory ? memory.With(remedy).Message
            : string.Create(CultureInfo.InvariantCulture,
                $"the memory does not suffice: the process has {Environment.WorkingSet:N0} bytes; {remedy}");
        return new LayerException(layer, found, e);
    }
}
