-- What concerns a person is mailed even when it was read: whoever else is in the account must not keep it quiet.
drop index notifications.notification_mail;
create index notification_mail on notifications.notification (mail_at) where mail_at is not null;
