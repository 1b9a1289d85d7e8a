namespace Atl.Fuzz.Formats;

/// <summary>A short log of Caffe's, of a training with one test net.</summary>
internal static class CaffeLog
{
    /// <summary>The log.</summary>
    public const string Text = """
        I0210 10:00:00.000000  7 solver.cpp:280] Solving LeNet
        I0210 10:00:01.000000  7 solver.cpp:337] Iteration 0, Testing net (#0)
        I0210 10:00:01.000000  7 solver.cpp:404]     Test net output #0: accuracy = 0.125
        I0210 10:00:01.000000  7 solver.cpp:404]     Test net output #1: loss = 2.5 (* 1 = 2.5 loss)
        I0210 10:00:02.000000  7 solver.cpp:228] Iteration 0, loss = 2.5
        I0210 10:00:02.000000  7 solver.cpp:244]     Train net output #0: loss = 2.25 (* 1 = 2.25 loss)
        I0210 10:00:02.000000  7 sgd_solver.cpp:106] Iteration 0, lr = 0.01
        I0210 10:00:09.000000  7 solver.cpp:228] Iteration 100, loss = 0.5
        I0210 10:00:09.000000  7 solver.cpp:244]     Train net output #0: loss = 0.5 (* 1 = 0.5 loss)
        I0210 10:00:09.000000  7 sgd_solver.cpp:106] Iteration 100, lr = 0.0099

        """;
}
