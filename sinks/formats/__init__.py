"""How alerts are written for each kind of receiver: functions of the alerts, without clock or network."""
