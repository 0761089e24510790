-- Nothing is ever asked by these; sorting JSON for statistics is dear.
alter table imports.row
  alter column raw set statistics 0,
  alter column value set statistics 0,
  alter column notes set statistics 0;
