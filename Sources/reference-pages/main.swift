import Platform

exit(ReferencePages.run(Array(CommandLine.arguments.dropFirst())))
