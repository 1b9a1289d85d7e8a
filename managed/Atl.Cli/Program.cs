return Atl.Cli.CommandLine.Application.Run(args);
