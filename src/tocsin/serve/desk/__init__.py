"""What people read and decide: the page of an event, the desk, coding by two, agreement."""
