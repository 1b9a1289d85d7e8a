namespace Atl.Data;

/// <summary>Which channels a decoded image has.</summary>
public enum ImageColor
{
    /// <summary>As the file has them (gray: 1, color: 3, with transparency: 4).</summary>
    AsStored,

    /// <summary>Three: blue, green, red.</summary>
    Color,

    /// <summary>One.</summary>
    Gray,

    /// <summary>One or three as the file has them, upright, without transparency, brought to 8 bits.</summary>
    GrayOrColor,
}
