-- A telephone, whose it is and when it may be rung are what a source stated, too. It goes whole, with its person or when it is too old (by the
-- clock of the job, which the database does not know); never is it another one.
create trigger contact_immutable before update or truncate on people.contact
for each statement execute function people.refuse_change();
