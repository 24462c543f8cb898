"""The nodal directory: banks and their keys, offices, officers, roles."""
