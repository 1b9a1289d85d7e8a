Atl.Cli.Terminal.IgnoredSignals.MakeAcceptable();
return Atl.Cli.CommandLine.Application.Run(args);
