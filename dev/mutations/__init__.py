"""Small defects put into a copy of the operator, one by one: does the simulation find each?"""
