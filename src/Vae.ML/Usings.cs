global using Tabular = Vae.Tables;
