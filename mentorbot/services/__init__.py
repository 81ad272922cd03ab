"""Use cases. Commands, delivery, the App Home, the dashboard and the command line all call these."""
