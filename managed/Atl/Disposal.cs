using System.Runtime.ExceptionServices;

namespace Atl;

/// <summary>Disposes several objects.</summary>
internal static class Disposal
{
    /// <summary>
    /// Disposes all of the objects, in order, where one of them fails, too. (A layer may fail to write its last rows.)
    /// </summary>
    /// <returns>The first failure, which the caller throws unless it has an error of its own.</returns>
    public static ExceptionDispatchInfo? All(params IEnumerable<IDisposable?> owned)
    {
        ExceptionDispatchInfo? failure = null;
        foreach (IDisposable? one in owned)
        {
            try
            {
                one?.Dispose();
            }
            catch (Exception e)
            {
                failure ??= ExceptionDispatchInfo.Capture(e);
            }
        }
        return failure;
    }
}
