"""What the bot sends unprompted: scheduler, planner, worker, sender, retry, content, maintenance."""
