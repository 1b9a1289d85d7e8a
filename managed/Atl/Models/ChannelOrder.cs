namespace Atl;

/// <summary>The order of a color image's channels.</summary>
public enum ChannelOrder
{
    /// <summary>Blue, green, red: OpenCV's order, and so that of nets trained with Caffe.</summary>
    Bgr,

    /// <summary>Red, green, blue: the order of most other tools.</summary>
    Rgb,
}
