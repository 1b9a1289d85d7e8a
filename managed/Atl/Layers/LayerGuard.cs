using Atl.Proto;

namespace Atl.Layers;

/// <summary>
/// The one place where an error of what a layer calls becomes the layer's: with its place, name and type, and what to
/// change where memory ran out.
/// </summary>
internal static class LayerGuard
{
    /// <summary>Does something for a layer.</summary>
    /// <param name="layer">The layer's message.</param>
    /// <param name="state">What the action works on.</param>
    /// <param name="action">What is done; static, as it is done in every forward.</param>
    /// <exception cref="LayerException">It fails.</exception>
    public static void Run<T>(LayerParameter layer, T state, Action<T> action) =>
        Get(layer, (state, action), static run =>
        {
            run.action(run.state);
            return true;
        });

    /// <summary>Gets something for a layer.</summary>
    /// <param name="layer">The layer's message.</param>
    /// <param name="state">Whence it comes.</param>
    /// <param name="get">Gets it.</param>
    /// <exception cref="LayerException">It fails.</exception>
    public static TResult Get<T, TResult>(LayerParameter layer, T state, Func<T, TResult> get)
    {
        try
        {
            return get(state);
        }
        catch (Exception e) when (OutOfMemory.Is(e))
        {
            throw OutOfMemory.Of(layer, e);
        }
        catch (AtlException e) when (e is not LayerException)
        {
            throw new LayerException(layer, e.Message, e);
        }
    }
}
