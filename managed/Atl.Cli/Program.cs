if (!Atl.Cli.Terminal.OpenFilesLimit.IsEnough()) return 1;
Atl.Cli.Terminal.IgnoredSignals.MakeAcceptable();
Atl.Cli.Terminal.StandardStream.FillIn();
Atl.Cli.Terminal.StandardWriter.Install();
Atl.Images.DecoderMessages.Collect();
return Atl.Cli.CommandLine.Application.Run(args);
