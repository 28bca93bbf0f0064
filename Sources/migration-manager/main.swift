import MigrationCommands

Program.main()
